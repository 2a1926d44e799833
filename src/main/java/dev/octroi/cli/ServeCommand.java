package dev.octroi.cli;

import dev.octroi.app.Gateway;
import dev.octroi.app.Lifecycle;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code octroi serve}: runs the gateway until it is asked to stop. */
@Command(name = "serve", description = "Run the gateway.", mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Override
    public Integer call() throws Exception {
        return Lifecycle.run(Gateway.start(settings.load()));
    }
}
