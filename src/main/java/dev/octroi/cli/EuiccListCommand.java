package dev.octroi.cli;

import dev.octroi.rsp.euicc.CardProfile;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code octroi euicc list}. */
@Command(name = "list", description = "List the profiles on the card.", mixinStandardHelpOptions = true)
final class EuiccListCommand implements Callable<Integer> {
    @Mixin
    private EuiccOptions options = new EuiccOptions();

    @Override
    public Integer call() throws IOException {
        return options.run(() -> {
            options.load().profiles().forEach(this::print);
            return 0;
        });
    }

    private void print(CardProfile profile) {
        String state = profile.enabled() ? "enabled" : "disabled";
        options.print(
                "%-20s %-8s %s, %s (%d bytes)"
                        .formatted(
                                profile.iccid(),
                                state,
                                profile.serviceProvider(),
                                profile.profileName(),
                                profile.sizeBytes()),
                EuiccOptions.object()
                        .put("iccid", profile.iccid())
                        .put("state", state)
                        .put("serviceProvider", profile.serviceProvider())
                        .put("profileName", profile.profileName())
                        .put("sizeBytes", profile.sizeBytes())
                        .put("smdpOid", profile.smdpOid())
                        .put("aid", profile.aid()));
    }
}
