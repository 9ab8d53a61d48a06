"""TRS109 to TRS111, TRS117, TRS121: methods with a form of their own."""
