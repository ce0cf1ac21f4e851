using MudBlazor;

namespace Decent.AdminConsole.Theme;

/// <summary>Colours and type of the console; every text pair meets a contrast of 4.5 to 1.</summary>
internal static class ConsoleTheme
{
    public static MudTheme Value { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1f4e79",
            Secondary = "#475569",
            AppbarBackground = "#ffffff",
            AppbarText = "#0f172a",
            Background = "#f6f7f9",
            Surface = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#1e293b",
            DrawerIcon = "#475569",
            TextPrimary = "#0f172a",
            TextSecondary = "#475569",
            Success = "#166534",
            Warning = "#8a4b00",
            Error = "#b42318",
            Info = "#1d4ed8",
            LinesDefault = "#e2e8f0",
            TableLines = "#e2e8f0",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#8ab8e6",
            Secondary = "#a8b3c2",
            AppbarBackground = "#12161c",
            AppbarText = "#e6eaf0",
            Background = "#0c0f14",
            Surface = "#151a21",
            DrawerBackground = "#12161c",
            DrawerText = "#d3dae4",
            DrawerIcon = "#a8b3c2",
            TextPrimary = "#e6eaf0",
            TextSecondary = "#a8b3c2",
            Success = "#6ee7a0",
            Warning = "#f5b94a",
            Error = "#ff9a8f",
            Info = "#93b7ff",
            PrimaryContrastText = "#0c0f14",
            LinesDefault = "#2a323d",
            TableLines = "#2a323d",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", DrawerWidthLeft = "220px" },
        Typography = new Typography
        {
            Default = new DefaultTypography
            {
                FontFamily = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"],
                FontSize = "0.875rem",
            },
        },
    };
}
