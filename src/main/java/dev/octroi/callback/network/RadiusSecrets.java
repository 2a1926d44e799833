package dev.octroi.callback.network;

import java.net.InetAddress;
import java.util.Optional;

/** Where the dispatcher finds what it shares with a RADIUS element. */
@FunctionalInterface
public interface RadiusSecrets {
    /** The secret shared with the element at an address; empty where none is configured. */
    Optional<byte[]> of(InetAddress address);
}
