"""Dispatch tables of the interpreter."""

from truss_cli.static.interpreter import (
    classes,
    construct,
    items,
    iteration,
    library,
    narrowing,
    operators,
    special,
    truth,
)
from truss_cli.static.interpreter.attributes import ATTRIBUTES
from truss_cli.static.interpreter.calls import CALLS
from truss_cli.static.interpreter.comprehensions import COMPREHENSIONS
from truss_cli.static.interpreter.control import CONTROL
from truss_cli.static.interpreter.expressions import EXPRESSIONS
from truss_cli.static.interpreter.functions import objects
from truss_cli.static.interpreter.functions.arrays import ARRAYS
from truss_cli.static.interpreter.functions.builtin import BUILTINS
from truss_cli.static.interpreter.functions.concurrency import CONCURRENCY, possibly
from truss_cli.static.interpreter.functions.containers import METHODS
from truss_cli.static.interpreter.functions.environment import ENVIRONMENT
from truss_cli.static.interpreter.functions.objects import OBJECTS
from truss_cli.static.interpreter.functions.responses import RESPONSES
from truss_cli.static.interpreter.imports import IMPORTS, module_attribute
from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Tables
from truss_cli.static.interpreter.operators import OPERATORS
from truss_cli.static.interpreter.statements import STATEMENTS
from truss_cli.static.values.values import (
    AbstractValue,
    ClassObject,
    Instance,
    LibraryMethod,
    SecretsValue,
)


def _secrets_attribute(
    run: AbstractInterpreter, value: SecretsValue, name: str, node: object
) -> AbstractValue:
    del run, node
    return LibraryMethod(value, name)


TABLES = Tables(
    expressions={**EXPRESSIONS, **OPERATORS, **COMPREHENSIONS},
    statements={**STATEMENTS, **CONTROL, **IMPORTS},
    calls=CALLS,
    attributes={**ATTRIBUTES, SecretsValue: _secrets_attribute},
    functions={**ARRAYS, **BUILTINS, **OBJECTS, **CONCURRENCY, **RESPONSES, **ENVIRONMENT},
    methods={
        **METHODS,
        Instance: objects.instance_method,
        ClassObject: objects.class_method,
        SecretsValue: special.secrets_method,
    },
    operations={
        "any member": construct.any_member,
        "await": iteration.await_value,
        "binary": operators.binary,
        "call library": library.call_library,
        "call library method": library.call_library_method,
        "call signatures": library.call_bound,
        "canonical": library.canonical,
        "choose": narrowing.choose,
        "check frozen": special.check_frozen,
        "class attribute": classes.class_attribute,
        "class in progress": special.class_in_progress,
        "compared": special.compared,
        "construct": construct.construct,
        "decorate": objects.decorate,
        "define class": classes.define_class,
        "delete item": items.delete_item,
        "discard": special.discard,
        "enter": iteration.enter,
        "instance attribute": objects.instance_attribute,
        "is known class": library.is_known_class,
        "is open": classes.is_open,
        "is plain attribute": special.is_plain_attribute,
        "is protocol": library.is_protocol,
        "item": items.item,
        "items of": iteration.items_of,
        "library attribute": library.library_attribute,
        "library class attribute": library.library_class_attribute,
        "library member": library.library_member,
        "measured": library.measured,
        "model instance": construct.model_instance,
        "module attribute": module_attribute,
        "mro": library.mro,
        "own class attribute": classes.own_class_attribute,
        "package attribute": library.package_attribute,
        "patch": special.patch,
        "possibly": possibly,
        "read secret": special.read_secret,
        "special call": special.special_call,
        "special class attribute": objects.special_class_attribute,
        "store item": items.store_item,
        "subscripted": special.subscripted,
        "suppresses": iteration.suppresses,
        "tested": special.tested,
        "truth": truth.truth,
        "type variables": library.type_variables,
        "where": narrowing.where,
        "with truth": truth.with_truth,
    },
)
"""The tables of every run."""
