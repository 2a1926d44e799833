package dev.octroi.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.euicc.CardProfile;
import dev.octroi.rsp.euicc.VirtualEuicc;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code octroi euicc info}: what the card says of itself. */
@Command(name = "info", description = "Show what the card says of itself.", mixinStandardHelpOptions = true)
final class EuiccInfoCommand implements Callable<Integer> {
    @Mixin
    private EuiccOptions options = new EuiccOptions();

    @Override
    public Integer call() throws IOException {
        return options.run(this::show);
    }

    private int show() throws IOException {
        VirtualEuicc card = options.load();
        int used = card.profiles().stream().mapToInt(CardProfile::sizeBytes).sum();
        int free = card.facts().memoryBytes() - used;
        int notifications = card.notifications().size();
        ObjectNode object = EuiccOptions.object()
                .put("eid", card.eid())
                .put("svn", card.facts().specVersion())
                .put("freeMemoryBytes", free)
                .put("profiles", card.profiles().size())
                .put("trustedCis", card.ciCertificates().size())
                .put("testMode", card.facts().testMode())
                .put("tac", card.facts().device().tac())
                .put("pendingNotifications", notifications)
                .put("euiccInfo1", HexFormat.of().formatHex(card.euiccInfo1().raw()))
                .put("euiccInfo2", HexFormat.of().formatHex(card.euiccInfo2().raw()));
        options.print(
                """
                EID            %s
                SGP.22         %s
                Free memory    %d bytes
                Profiles       %d
                Notifications  %d waiting
                Trusted CIs    %d""".formatted(
                                card.eid(),
                                card.facts().specVersion(),
                                free,
                                card.profiles().size(),
                                notifications,
                                card.ciCertificates().size()),
                object);
        return 0;
    }
}
