package drover.engine.files;

import drover.engine.http.ContentCoding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * How the files of an entry were seen, and how their directory was just before: while it is the same and they are, a full
 * look would find nothing else. A file behind a symbolic link is never found the same, for a link may lead elsewhere
 * without a change here.
 *
 * @param names of the files in their directory
 * @param files how they were, in the same order
 */
record Sighting(Identity directory, List<byte[]> names, List<Identity> files) {

    /** Of what a full look has found; empty if a quick one could miss a change. */
    static Optional<Sighting> of(OpenDirectory directory, String file, Sources sources) {
        if (sources.leftSomeOut() || !directory.isSettled()) {
            return Optional.empty();
        }
        var name = file.substring(file.lastIndexOf('/') + 1);
        var names = sources.codings().stream()
                .map(coding -> coding == ContentCoding.IDENTITY ? name : name + coding.suffix())
                .map(each -> each.getBytes(StandardCharsets.UTF_8))
                .toList();
        return Optional.of(new Sighting(directory.identity(), names, sources.identities()));
    }

    /** Whether everything is as it was. */
    boolean isTrueIn(OpenDirectory now) {
        if (!now.identity().equals(directory)) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            var file = now.identity(names.get(i));
            if (file.isEmpty() || !file.get().equals(files.get(i))) {
                return false;
            }
        }
        return true;
    }
}
