package dev.octroi.support;

import dev.octroi.drain.BlockList;
import java.time.Instant;

/**
 * A block list and where it came from.
 *
 * @param reason why it was loaded, 1 to 500 characters
 * @param loadedBy who loaded it
 */
public record LoadedBlockList(BlockList list, String reason, String loadedBy, Instant loadedAt) {}
