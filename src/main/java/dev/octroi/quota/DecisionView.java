package dev.octroi.quota;

import dev.octroi.policy.Policy;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A decision as it is kept: the answer to "why is it slow?".
 *
 * @param policy what was decided, with its version
 * @param decidedAt when
 * @param inputs what it was derived from: bytes used and left, the restrictions that held
 */
public record DecisionView(Policy policy, Instant decidedAt, JsonObject inputs) {}
