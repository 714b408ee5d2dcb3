/** The command line of an operator: keys, URLs, and what the endpoint would say to them. */
@NullMarked
package io.github.captchacallback.cli;

import org.jspecify.annotations.NullMarked;
