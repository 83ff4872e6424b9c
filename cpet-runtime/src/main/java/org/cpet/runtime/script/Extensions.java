package org.cpet.runtime.script;

import java.util.List;
import org.cpet.runtime.interop.Codecs;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.pet.PetMethodFactory;

/** Typed look-ups in the catalog. */
public final class Extensions {
    private Extensions() {}

    /** Every model family. */
    public static ModelFamilies families(PluginCatalog catalog, PluginContext context) {
        List<ModelFamily> families = catalog.entries(Kind.MODEL_FAMILY).stream()
                .map(entry -> ((ModelFamilyFactory) entry.factory()).create(new NoOptions(), context))
                .toList();
        return new ModelFamilies(families, catalog.packedFormats(), catalog.blockFormats());
    }

    /** Every PET method. */
    public static List<PetMethodFactory<?>> petMethods(PluginCatalog catalog) {
        List<ExtensionFactory<?, ?>> factories = catalog.entries(Kind.PET).stream()
                .<ExtensionFactory<?, ?>>map(entry -> entry.factory())
                .toList();
        return factories.stream()
                .<PetMethodFactory<?>>map(factory -> (PetMethodFactory<?>) factory)
                .toList();
    }

    /** Adapter codecs by name, each made when it is asked for. */
    public static Codecs codecs(PluginCatalog catalog, PluginContext context) {
        return name -> Methods.codec(catalog, name, List.of()).create(context);
    }
}
