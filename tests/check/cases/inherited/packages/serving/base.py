class Base:
    def predict(self, model_input, temperature):
        return f"{self.greeting}, {model_input}"
