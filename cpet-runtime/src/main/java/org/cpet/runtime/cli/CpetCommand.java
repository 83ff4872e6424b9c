package org.cpet.runtime.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command; its options are inherited by all others. */
@Command(
        name = "cpet",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Compresses transformers and gives small task modules on them their quality back.",
        footer = {
            "",
            "Examples:",
            "  cpet run recipes/quickstart.yaml                     the main job, on the embedded model",
            "  cpet plan recipes/quickstart.yaml                    what it would do, without doing it",
            "  cpet run my.yaml --set pet.r=16 --output runs/r16    a key of the recipe, changed for this run",
            "  cpet list compressor                                 methods, with --plugins DIR those of dropped jars too",
            "",
            "Exit codes: 0 ok, 2 recipe or usage, 3 model or data file, 4 plugin jar, 5 run directory, 6 disk,",
            "  7 diverged, 8 memory, 9 gate failed, 70 bug, 143 interrupted and resumable"
        },
        subcommands = {
            RunCommand.class,
            ValidateCommand.class,
            PlanCommand.class,
            ListCommand.class,
            SchemaCommand.class,
            EvaluateCommand.class,
            CompressCommand.class,
            ForwardCommand.class,
            TraceCommand.class,
            GenerateCommand.class,
            TokenizeCommand.class,
            InspectCommand.class,
            AdapterCommand.class,
            StudyCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            HelpCommand.class
        })
final class CpetCommand {
    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "show where a failure happened")
    private boolean stackTrace;

    boolean stackTrace() {
        return stackTrace;
    }

    /** The command line, ready to execute. */
    static CommandLine commandLine() {
        Failures failures = new Failures();
        return new CommandLine(new CpetCommand())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
