package drover.admin.supervision;

import drover.engine.stats.RegionLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** All slots, and how many of them are wanted. Owned by the supervisor. */
final class Pool {

    private final IntFunction<Slot> newSlot;
    private final List<Slot> slots = new ArrayList<>();
    private int size;

    /** An empty pool; {@code newSlot} makes the slot of a number. */
    Pool(IntFunction<Slot> newSlot) {
        this.newSlot = newSlot;
    }

    /** Wants slots 1 to {@code wanted} and no other. */
    void resize(int wanted, long now) {
        grow(wanted);
        size = wanted;
        for (var slot : slots.reversed()) {
            if (slot.number() > wanted) {
                slot.dismiss(now);
            } else if (slot.wanted() == Wanted.GONE) {
                slot.start();
            }
        }
    }

    private void grow(int wanted) {
        while (slots.size() < wanted) {
            slots.add(newSlot.apply(slots.size() + 1));
        }
    }

    /** Takes over what lives in slots, wanted or not. */
    void adopt(List<FarmFile.SlotEntry> entries, long now) {
        for (var entry : entries) {
            if (entry.slot() >= 1 && entry.slot() <= RegionLayout.SLOTS) {
                grow(entry.slot());
                slots.get(entry.slot() - 1).adopt(entry, now);
            }
        }
    }

    /** A slot that is wanted. */
    Slot find(int number) {
        if (number < 1 || number > size) {
            throw new CommandRefused(
                    CommandRefused.Reason.NO_SUCH_SLOT,
                    "There is no worker " + number + "; the workers are 1 to " + size + ".");
        }
        return slots.get(number - 1);
    }

    int size() {
        return size;
    }

    /** Every slot there ever was. */
    List<Slot> all() {
        return List.copyOf(slots);
    }

    List<Slot> wanted() {
        return slots.stream().filter(slot -> slot.number() <= size).toList();
    }

    /** Those that are wanted or still hold a process. */
    List<Slot> present() {
        return slots.stream()
                .filter(slot -> slot.number() <= size || !slot.isEmpty())
                .toList();
    }

    boolean isEmpty() {
        return slots.stream().allMatch(Slot::isEmpty);
    }
}
