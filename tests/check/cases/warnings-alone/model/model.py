class Model:
    def predict(self, model_input: dict) -> str:
        return {"text": "a"}
