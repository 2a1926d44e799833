package dev.octroi.cli.demo;

import java.net.URI;

/**
 * Somebody with a subscription.
 *
 * @param subscriptionId {@code sub_…}
 * @param iccid by which the network knows the profile
 * @param selfCareUrl the magic link
 */
record Traveller(String subscriptionId, String iccid, String selfCareUrl) {
    /** The path of the magic link on the public listener. */
    String selfCarePath() {
        return URI.create(selfCareUrl).getPath();
    }
}
