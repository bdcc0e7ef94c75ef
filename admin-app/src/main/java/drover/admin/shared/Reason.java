package drover.admin.shared;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Why a file could not be used, in words: Java tells some reasons only by the type of the exception. */
public final class Reason {

    private Reason() {}

    public static String of(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> "permission denied for " + denied.getFile();
            case NoSuchFileException missing -> missing.getFile() + " is not there and cannot be made";
            case FileAlreadyExistsException other -> other.getFile() + " is no directory";
            case DirectoryNotEmptyException full -> full.getFile() + " is not empty";
            case FileSystemException reasoned ->
                Optional.ofNullable(reasoned.getReason()).orElse("it cannot be used") + " (" + reasoned.getFile() + ")";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
