class Model:
    def predict(self, model_input, bold="[bold]"):  # [link=https://example.com]here[/link] :smile:
        return {"[/]": [model_input, bold]}
