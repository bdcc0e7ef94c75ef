import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { Moon, Sun } from 'lucide-react';

/** Light or dark. Whoever chooses what the system says anyway follows the system again. */
export function ThemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme();
  const system = useColorScheme();
  const other = shown === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Switch to ${other}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Switch to ${other}`}
        onClick={() => setColorScheme(other === system ? 'auto' : other)}
      >
        {shown === 'dark' ? <Sun aria-hidden size={18} /> : <Moon aria-hidden size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
