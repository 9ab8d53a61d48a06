class Model:
    async def load(self):  # truss: ignore
        pass

    def predict(self, model_input, temperature=1):  # truss: ignore[TRS1]
        return model_input
