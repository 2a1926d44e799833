package dev.octroi.cli;

import dev.octroi.app.Gateway;
import dev.octroi.app.Lifecycle;
import dev.octroi.app.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code octroi serve}: runs the gateway until it is asked to stop. */
@Command(name = "serve", description = "Run the gateway.", mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Settings loaded = settings.load();
        return Lifecycle.run(() -> Gateway.start(loaded), gateway -> tell(gateway, loaded));
    }

    private void tell(Gateway gateway, Settings loaded) {
        if (NextSteps.isWatched()) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(NextSteps.lines(gateway.port("public"), loaded));
            out.flush();
        }
    }
}
