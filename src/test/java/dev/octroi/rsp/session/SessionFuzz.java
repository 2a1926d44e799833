package dev.octroi.rsp.session;

import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import java.util.List;

/** The stored form of a session. */
public final class SessionFuzz implements FuzzTarget {
    private final SessionGround ground;

    public SessionFuzz() throws Exception {
        ground = new SessionGround();
    }

    @Override
    public void feed(byte[] input) {
        try {
            RspSession.decode(RspSession.decode(input).encode());
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(ground.initiated.encode(), ground.authenticated.encode());
    }
}
