package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LoopbackPortTest {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    @Test
    @EnabledOnOs(OS.LINUX)
    void noOutgoingConnectionIsGivenSuchAPortBeforeItsServerHasStarted() throws Exception {
        int firstOutgoing =
                Integer.parseInt(Files.readAllLines(OUTGOING).getFirst().split("\\s+")[0]);
        assertThat(LoopbackPort.free()).isLessThan(firstOutgoing);
    }

    @Test
    void aPortIsGivenOnceThoughNobodyListensOnItYet() throws Exception {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            given.add(LoopbackPort.free());
        }
        assertThat(given).hasSize(100);
    }

    @Test
    void aPortThatSomebodyListensOnIsNotGiven() throws Exception {
        int next = LoopbackPort.free() + 1;
        try (ServerSocket taken = new ServerSocket()) {
            takeUnlessAnotherHasIt(taken, next);
            assertThat(LoopbackPort.free()).isNotEqualTo(next);
        }
    }

    private static void takeUnlessAnotherHasIt(ServerSocket socket, int port) throws IOException {
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (BindException another) {
            // Who listens on it is all the same.
        }
    }
}
