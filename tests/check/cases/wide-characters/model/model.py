class Model:
    def predict(self, 入力, 温度="熱い🔥"):
        return {"é": 入力, "👍 ok": {"集合"}}
