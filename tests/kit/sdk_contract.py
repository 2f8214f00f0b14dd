"""An import contract: a library may be imported by its adapters alone. Named in `.importlinter`.

It is import-linter's own `protected` contract, which insists that every module it names is imported somewhere; this one
also holds while a library or an adapter is not there, so that a contract can stand before the code it guards.
"""

from __future__ import annotations

from typing import cast

from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.imports import ModuleExpression


class SdkContract(ProtectedContract):
    """Keys as in import-linter's `protected` contract."""

    type_name = "sdk"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        for library in cast("list[ModuleExpression]", self.protected_modules):
            graph.add_module(library.expression, is_squashed=True)
        for adapter in cast("list[ModuleExpression]", self.allowed_importers):
            graph.add_module(adapter.expression)
        return super().check(graph, verbose)
