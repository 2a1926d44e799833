package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.rsp.asn1.Tlv;
import java.util.List;
import java.util.Optional;

/** Downloads from a {@link TestSmdp} to a card without an LPA between. */
final class CardDownload {
    private final VirtualEuicc card;
    private final TestSmdp server;

    CardDownload(VirtualEuicc card, TestSmdp server) {
        this.card = card;
        this.server = server;
    }

    Tlv authenticated() throws Exception {
        Tlv response = card.authenticateServer(server.authenticateServerRequest(card.euiccChallenge()));
        assertThat(response.find(0xA0)).as(card.lastRefusal().orElse("")).isPresent();
        return response;
    }

    Tlv prepared() throws Exception {
        Tlv response = card.prepareDownload(server.prepareDownloadRequest(authenticated(), new byte[0]));
        assertThat(response.find(0xA0)).as(card.lastRefusal().orElse("")).isPresent();
        return response;
    }

    byte[] oneTimeKey() throws Exception {
        return prepared().require(0xA0).require(0x30).require(0x5F49).value();
    }

    PendingNotification load() throws Exception {
        return load(BoundPackageSegments.cut(server.boundPackage(prepared(), card.eid())));
    }

    PendingNotification load(List<byte[]> segments) {
        for (byte[] segment : segments) {
            Optional<PendingNotification> result = card.loadSegment(segment);
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new AssertionError("no result");
    }

    void installs() throws Exception {
        PendingNotification result = load();
        assertThat(result.message().require(0xBF27).require(0xA2).find(0xA0))
                .as(card.lastRefusal().orElse(""))
                .isPresent();
    }

    void isRefused(int command, ErrorReason reason) throws Exception {
        int before = card.profiles().size();
        Tlv error = load().message().require(0xBF27).require(0xA2).require(0xA1);
        assertThat(error.require(0x81).asInt())
                .as(card.lastRefusal().orElse(""))
                .isEqualTo(reason.code());
        assertThat(error.require(0x80).asInt()).isEqualTo(command);
        assertThat(card.profiles()).hasSize(before);
    }
}
