from datetime import datetime


class Model:
    def predict(self, model_input) -> dict[
        str,
        datetime,
    ]:
        return {
            "when": datetime.now(),
        }
