class model:
    def predict(self, model_input) -> dict:
        return model_input
