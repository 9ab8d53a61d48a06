class Model:
    def __init__(self, secrets):
        self.token = secrets["api_key"]

    async def load(self):
        self.words = {"good", "great"}

    def predict(self, model_input: dict):
        return {word for word in model_input["text"].split() if word in self.words}
