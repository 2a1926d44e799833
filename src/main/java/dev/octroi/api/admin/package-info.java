/** The admin API: tenants, clients, partners, rules, acts with a reason, and the audit log. */
@NullMarked
package dev.octroi.api.admin;

import org.jspecify.annotations.NullMarked;
