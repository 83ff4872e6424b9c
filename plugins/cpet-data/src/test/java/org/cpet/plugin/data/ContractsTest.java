package org.cpet.plugin.data;

import org.cpet.spi.NoOptions;
import org.cpet.spi.contract.ExtensionContract;
import org.junit.jupiter.api.Nested;

/** What every extension holds, for each of this jar. */
class ContractsTest {
    @Nested
    class Jsonl implements ExtensionContract<JsonLinesFactory, NoOptions> {
        @Override
        public JsonLinesFactory factory() {
            return new JsonLinesFactory();
        }
    }

    @Nested
    class Tsv implements ExtensionContract<TabSeparatedFactory, TableOptions> {
        @Override
        public TabSeparatedFactory factory() {
            return new TabSeparatedFactory();
        }
    }

    @Nested
    class Csv implements ExtensionContract<CommaSeparatedFactory, TableOptions> {
        @Override
        public CommaSeparatedFactory factory() {
            return new CommaSeparatedFactory();
        }
    }

    @Nested
    class Sst2 implements ExtensionContract<Sst2Factory, NoOptions> {
        @Override
        public Sst2Factory factory() {
            return new Sst2Factory();
        }
    }

    @Nested
    class Rte implements ExtensionContract<RteFactory, NoOptions> {
        @Override
        public RteFactory factory() {
            return new RteFactory();
        }
    }

    @Nested
    class Qnli implements ExtensionContract<QnliFactory, NoOptions> {
        @Override
        public QnliFactory factory() {
            return new QnliFactory();
        }
    }

    @Nested
    class Mrpc implements ExtensionContract<MrpcFactory, NoOptions> {
        @Override
        public MrpcFactory factory() {
            return new MrpcFactory();
        }
    }

    @Nested
    class Accuracy implements ExtensionContract<AccuracyFactory, NoOptions> {
        @Override
        public AccuracyFactory factory() {
            return new AccuracyFactory();
        }
    }

    @Nested
    class F1Score implements ExtensionContract<F1Factory, F1Options> {
        @Override
        public F1Factory factory() {
            return new F1Factory();
        }
    }

    @Nested
    class ExactMatch implements ExtensionContract<ExactMatchFactory, NoOptions> {
        @Override
        public ExactMatchFactory factory() {
            return new ExactMatchFactory();
        }
    }
}
