package org.cpet.plugin.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.data.DatasetReaderFactory;
import org.cpet.spi.data.TaskTemplateFactory;
import org.cpet.spi.metric.MetricFactory;
import org.junit.jupiter.api.Test;

class TemplatesTest {
    @Test
    void promptsAreThoseOfT5() {
        assertThat(new Sst2Factory().fields().promptOf(List.of("a {1} film"))).isEqualTo("sst2 sentence: a {1} film");
        assertThat(new RteFactory().fields().promptOf(List.of("a {1}", "b {0}")))
                .isEqualTo("rte sentence1: a {1} sentence2: b {0}");
        assertThat(new MrpcFactory().fields().promptOf(List.of("a", "b"))).isEqualTo("mrpc sentence1: a sentence2: b");
        assertThat(new QnliFactory().fields().promptOf(List.of("a", "b"))).isEqualTo("qnli question: a sentence: b");
    }

    @Test
    void labelsStandInClassOrderWithTheirWords() {
        assertThat(new Sst2Factory().fields().labels())
                .extracting(label -> label.label() + " " + label.word())
                .containsExactly("0 negative", "1 positive");
        assertThat(new MrpcFactory().fields().labels())
                .extracting(label -> label.label() + " " + label.word())
                .containsExactly("0 not_equivalent", "1 equivalent");
    }

    @Test
    void everythingIsFoundByTheServiceLoader() {
        assertThat(names(DatasetReaderFactory.class)).contains("jsonl", "tsv", "csv");
        assertThat(names(TaskTemplateFactory.class)).contains("glue/sst2", "glue/rte", "glue/mrpc", "glue/qnli");
        assertThat(names(MetricFactory.class)).contains("accuracy", "f1", "exact_match");
    }

    @SuppressWarnings("rawtypes")
    private static <F extends ExtensionFactory> List<String> names(Class<F> service) {
        return ServiceLoader.load(service).stream()
                .map(provider -> provider.get().name())
                .toList();
    }
}
