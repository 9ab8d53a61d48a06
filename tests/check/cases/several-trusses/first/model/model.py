class Model:
    def predict(self, model_input) -> set:
        return {model_input["a"]}
