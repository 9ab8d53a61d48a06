class Model:
	def predict(self,	model_input)	-> set[str]:
		return	{"a",	"b"}
