class Model:
    def predict(self, model_input):
        return {"[31mred[0m": {1}}  # ‮esrever
