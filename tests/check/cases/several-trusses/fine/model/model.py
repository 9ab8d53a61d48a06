class Model:
    def predict(self, model_input) -> dict:
        return model_input
