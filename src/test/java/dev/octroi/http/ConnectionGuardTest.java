package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionGuardTest {
    private static final int PER_ADDRESS = 20;

    @Test
    void oneMachineHasNoMoreConnectionsThoughEachComesFromAnotherAddressOfIt() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            ConnectionLimits limits = new ConnectionLimits(1_000, PER_ADDRESS, 10_000, 10_000, 10_000, 10);
            ConnectionGuard guard = new ConnectionGuard(vertx, limits, () -> 0);
            AtomicInteger closed = new AtomicInteger();
            for (int i = 1; i <= PER_ADDRESS; i++) {
                guard.watch(from("2001:db8::" + Integer.toHexString(i), closed), true);
            }
            assertThat(closed).hasValue(0);
            guard.watch(from("2001:db8::ffff:1", closed), true);
            assertThat(closed).hasValue(1);
            guard.watch(from("2001:db8:0:1::1", closed), true);
            assertThat(closed).hasValue(1);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    private static HttpConnection from(String address, AtomicInteger closed) {
        SocketAddress remote = SocketAddress.inetSocketAddress(50_000, address);
        return (HttpConnection) Proxy.newProxyInstance(
                ConnectionGuardTest.class.getClassLoader(),
                new Class<?>[] {HttpConnection.class},
                (self, method, in) -> switch (method.getName()) {
                    case "remoteAddress" -> remote;
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == in[0];
                    case "closeHandler" -> self;
                    case "close" -> {
                        closed.incrementAndGet();
                        yield Future.succeededFuture();
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
