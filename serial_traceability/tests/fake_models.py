"""odoo-test-helper's loader of test models, on an Odoo that renamed what it uses.

Version 2.1.3 of the package takes hold of ``MetaModel.module_to_models`` and
``Registry.setup_models``, which Odoo 19 calls ``_module_to_models__`` and
``_setup_models__``, and it gives ``Registry.load`` a cursor, which 19 no longer
takes. Each of the three is bridged here and only where it is missing.
"""

from unittest.mock import patch

from odoo import models

try:
    from odoo.orm import model_classes
except ImportError:  # a version that has what the package takes hold of
    model_classes = None

with patch.object(
    models.MetaModel,
    "module_to_models",
    getattr(models.MetaModel, "_module_to_models__", None),
    create=True,
):
    from odoo_test_helper import FakeModelLoader as _FakeModelLoader


class FakeModelLoader(_FakeModelLoader):
    """Adds models to the registry for a test class and takes them away again.

    For models of a new name only: one that extends another model would stay in it.
    """

    def update_registry(self, odoo_models):
        """Add ``odoo_models`` to the registry and make their tables."""
        registry = self.env.registry
        if hasattr(registry, "setup_models"):
            return super().update_registry(odoo_models)
        self.env.flush_all()
        self._clean_module_to_model()
        with patch.object(self.env.cr, "commit"):
            # These alone: loading the whole module again would take away from its
            # models what other addons added to them.
            names = [
                model_classes.add_to_registry(registry, model)._name
                for model in odoo_models
            ]
            registry._setup_models__(self.env.cr, names)
            registry.init_models(self.env.cr, names, {"module": self._module_name})
        return None

    def restore_registry(self):
        """Take the added models away."""
        registry = self.env.registry
        if hasattr(registry, "setup_models"):
            return super().restore_registry()
        for name in set(registry.models) - set(self._original_registry):
            del registry.models[name]
            for parent in registry.models.values():
                parent._inherit_children.discard(name)
        self._clean_module_to_model()
        registry._setup_models__(self.env.cr)
        return None
