"""Tables: the operations of the API, a module for each kind of resource; ``table`` lists them all."""
