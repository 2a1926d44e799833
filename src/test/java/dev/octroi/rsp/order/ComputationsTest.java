package dev.octroi.rsp.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.CurveProvider;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where cryptography runs. */
class ComputationsTest {
    private static final int LARGE_BYTES = 1 << 20;

    private final Vertx vertx = Vertx.vertx();
    private WorkerExecutor workers;
    private Computations computations;

    @BeforeEach
    void open() {
        workers = vertx.createSharedWorkerExecutor("computations-test", 1);
        computations = new Computations(workers);
    }

    @AfterEach
    void close() throws Exception {
        workers.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aSignatureOnP256StaysOnTheCallersThreadWhateverOtherCurvesTheServerHas() throws Exception {
        assumeThat(CurveProvider.isNative()).isTrue();
        assertThat(threadOf(Curve.P256, 0)).isSameAs(Thread.currentThread());
    }

    @Test
    void aSignatureOnBrainpoolGoesToAWorker() throws Exception {
        assertThat(threadOf(Curve.BRAINPOOL_P256R1, 0)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void aLargeProfileIsEncryptedOnAWorker() throws Exception {
        assertThat(threadOf(Curve.P256, LARGE_BYTES)).isNotSameAs(Thread.currentThread());
    }

    private Thread threadOf(Curve curve, int contentBytes) throws Exception {
        return computations.on(curve, contentBytes, Thread::currentThread).await(10, TimeUnit.SECONDS);
    }
}
