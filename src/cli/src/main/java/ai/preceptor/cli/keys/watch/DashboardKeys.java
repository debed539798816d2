package ai.preceptor.cli.keys.watch;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;

/** The live page of a run, served by the process that trains. */
public record DashboardKeys(
        @Key(
                help = "serve a live page of this run while it trains, on loopback",
                defaultValue = "false",
                effect = KeyEffect.NONE)
        boolean dashboard,

        @Key(
                help = "port of that page; 0 for any free port",
                defaultValue = "8080",
                range = "[0, 65535]",
                effect = KeyEffect.NONE)
        int dashboardPort) {}
