"""What a training, a process of its own in Rasa's environment, says of how far it is."""

# Before each line of its output that is a step of the training.
STEP = "premierpas: "
