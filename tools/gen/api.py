"""What is derived from the contract in api/."""
import json
import sys

import api_cpp
import api_docs
import api_spec
import api_typescript


def files(root):
    try:
        document = api_spec.bundle(root)
        found = api_spec.operations(document)
    except api_spec.SpecError as error:
        sys.exit(f"api/: {error}")
    return {"api/gen/openapi.json": json.dumps(document, indent=1, ensure_ascii=False) + "\n",
            "src/api/gen/operations.h": api_cpp.header(found), "src/api/gen/operations.cc": api_cpp.source(document, found),
            "docs/api.md": api_docs.source(document, found), "web/src/api/gen/api.ts": api_typescript.source(document, found)}
