from serving.base import Base


class Model(Base):
    def load(self):
        self.greeting = "Hello"
