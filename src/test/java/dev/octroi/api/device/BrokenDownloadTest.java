package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.rsp.euicc.CardState;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.StoredCard;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.order.ProfileState;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A phone that loses its power with the package in its hands. */
class BrokenDownloadTest {
    @Test
    void nextTryUsesTheOneTimeKeyThatTheServerBoundTo(@TempDir Path folder) throws Exception {
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            DeviceServer.Ordered ordered = server.order();
            VirtualEuicc card = server.card();
            try (Lpa lpa = server.device(card)) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> lpa.observedBy(step -> {
                                    if (step.equals("LoadBoundProfilePackage")) {
                                        throw new IllegalStateException("no power");
                                    }
                                })
                                .download(ordered.activationCode()));
            }
            assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.DOWNLOADED);

            Path file = folder.resolve("card.json");
            StoredCard.write(file, card.state());
            CardState state = StoredCard.read(file);
            assertThat(state.oneTimeKeys()).hasSize(1);
            VirtualEuicc restarted = new VirtualEuicc(state, InstantSource.system(), new SecureRandom());
            try (Lpa lpa = server.device(restarted)) {
                lpa.download(ordered.activationCode());
            }
            assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.INSTALLED);
            assertThat(restarted.state().oneTimeKeys())
                    .as("a new key would leave the first behind")
                    .isEmpty();
        }
    }
}
