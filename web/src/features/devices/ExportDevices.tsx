// The list as a file: exactly the filter, the order and the columns that are seen.
import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { ArrowExportRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { send } from "@/api/call";
import type { SortKey } from "@/components/grid";
import { useUndoToast } from "@/components/UndoToast";
import { saveAs } from "@/lib/saveAs";
import { sortParameter } from "./useDevices";

export function ExportDevices({
  q,
  sort,
  leaveOut,
  permitted,
}: {
  q: string;
  sort: readonly SortKey[];
  leaveOut: boolean;
  permitted: boolean;
}) {
  const toast = useUndoToast();
  const run = useMutation({
    mutationFn: async (format: "csv" | "ndjson") => {
      const response = await send("exportDevices", {
        body: { format, q, sort: sortParameter(sort), leave_out: leaveOut },
      });
      saveAs(await response.blob(), `devices.${format}`);
    },
    onError: (error) => {
      toast(`The list was not exported: ${error.message}`);
    },
  });
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          icon={<ArrowExportRegular />}
          disabled={!permitted || run.isPending}
          title={permitted ? undefined : "Needs the permission to export"}
        >
          {run.isPending ? "Exporting…" : "Export"}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem
            onClick={() => {
              run.mutate("csv");
            }}
          >
            CSV, for spreadsheets
          </MenuItem>
          <MenuItem
            onClick={() => {
              run.mutate("ndjson");
            }}
          >
            NDJSON, for programs
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
