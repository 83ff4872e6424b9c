package org.cpet.runtime.plugin;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.adapter.AdapterCodecFactory;
import org.cpet.spi.adapter.AdapterMergerFactory;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.data.DatasetReaderFactory;
import org.cpet.spi.data.TaskTemplateFactory;
import org.cpet.spi.estimate.EstimationMethodFactory;
import org.cpet.spi.loss.DistillationLossFactory;
import org.cpet.spi.loss.TaskLossFactory;
import org.cpet.spi.metric.MetricFactory;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.pet.PetMethodFactory;
import org.cpet.spi.recover.RecoveryMethodFactory;

/** The extension points, in the order of a recipe; what works on finished adapters last. */
public enum Kind {
    MODEL_FAMILY(ModelFamilyFactory.class, "model family"),
    DATASET(DatasetReaderFactory.class, "dataset reader"),
    TEMPLATE(TaskTemplateFactory.class, "template"),
    PET(PetMethodFactory.class, "PET method"),
    ESTIMATION(EstimationMethodFactory.class, "estimation method"),
    COMPRESSOR(CompressorFactory.class, "compressor"),
    RECOVERY(RecoveryMethodFactory.class, "recovery method"),
    DISTILLATION(DistillationLossFactory.class, "distillation loss"),
    TASK_LOSS(TaskLossFactory.class, "task loss"),
    METRIC(MetricFactory.class, "metric"),
    ADAPTER_CODEC(AdapterCodecFactory.class, "adapter codec"),
    ADAPTER_MERGER(AdapterMergerFactory.class, "adapter merger");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Pattern TEMPLATE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}(/[a-z][a-z0-9_]{0,63})?");

    private final Class<?> serviceType;
    private final String title;

    Kind(Class<?> serviceType, String title) {
        this.serviceType = serviceType;
        this.title = title;
    }

    /** As the command line writes it: {@code compressor}, {@code task_loss}, ... */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As messages write it: {@code compressor}, {@code PET method}, ... */
    public String title() {
        return title;
    }

    /** What {@link java.util.ServiceLoader} looks for. */
    public Class<? extends ExtensionFactory<?, ?>> serviceType() {
        @SuppressWarnings("unchecked") // every constant above names an extension factory
        Class<? extends ExtensionFactory<?, ?>> type = (Class<? extends ExtensionFactory<?, ?>>) serviceType;
        return type;
    }

    /** Whether an extension of this kind may have that name. */
    public boolean allowsName(String name) {
        return (this == TEMPLATE ? TEMPLATE_NAME : NAME).matcher(name).matches();
    }

    /** The kind of that key. */
    public static Optional<Kind> of(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
    }
}
