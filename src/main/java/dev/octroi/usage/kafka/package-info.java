/** Usage records from Kafka topics. Loaded only where topics are configured. */
@NullMarked
package dev.octroi.usage.kafka;

import org.jspecify.annotations.NullMarked;
