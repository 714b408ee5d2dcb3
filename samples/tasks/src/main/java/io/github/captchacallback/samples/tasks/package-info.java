/** What the samples have in common: an application that submits tasks and takes their callbacks, on no web framework. */
@NullMarked
package io.github.captchacallback.samples.tasks;

import org.jspecify.annotations.NullMarked;
