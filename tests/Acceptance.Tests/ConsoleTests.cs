using Decent.Testing;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Decent.Acceptance.Tests;

/// <summary>The console in a real browser.</summary>
public sealed class ConsoleTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>, IAsyncLifetime
{
    private static readonly string[] Pages =
        ["/console", "/console/payouts", "/console/contracts", "/console/books", "/console/findings"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        var chromium = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(p => Path.Combine(p, "chromium")).FirstOrDefault(File.Exists);
        if (chromium is null)
        {
            Missing.Stop("Chromium is not installed.");
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Every_page_shows_itself_asks_nobody_outside_and_has_no_serious_barrier(ColorScheme scheme, int width)
    {
        var outside = new List<string>();
        var page = await SignedInAsync(scheme, width, outside);
        foreach (var path in Pages)
        {
            await page.GotoAsync(new Uri(sandbox.Part("host"), path).ToString());
            await page.Locator("main h1").WaitForAsync();
            await page.Locator("main .card, main .scroll").First.WaitForAsync();
            var barriers = (await page.RunAxe()).Violations
                .Where(v => v.Impact is "serious" or "critical")
                .Select(v => $"{path}: {v.Id} ({v.Nodes.Length}) {v.Nodes.FirstOrDefault()?.Html}");
            Assert.Empty(barriers);
        }

        Assert.Empty(outside);
    }

    [Fact]
    public async Task Without_a_sign_in_there_is_only_the_form_and_it_works_by_keyboard()
    {
        var page = await PageAsync(ColorScheme.Light, 1280, []);
        await page.GotoAsync(new Uri(sandbox.Part("host"), "/console/payouts").ToString());
        Assert.Contains("/console/sign-in", page.Url, StringComparison.Ordinal);

        await page.Keyboard.TypeAsync("dk_wrong");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();

        await page.Keyboard.TypeAsync(Key("operator"));
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Overview" }).WaitForAsync();
    }

    private async Task<IPage> SignedInAsync(ColorScheme scheme, int width, List<string> outside)
    {
        var page = await PageAsync(scheme, width, outside);
        await page.GotoAsync(new Uri(sandbox.Part("host"), "/console/sign-in").ToString());
        await page.GetByLabel("Operator key").FillAsync(Key("operator"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Overview" }).WaitForAsync();
        return page;
    }

    private async Task<IPage> PageAsync(ColorScheme scheme, int width, List<string> outside)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = 860 },
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        var host = sandbox.Part("host").ToString();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(host, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("ws", StringComparison.Ordinal))
            {
                outside.Add(request.Url);
            }
        };
        return page;
    }

    private string Key(string name) => sandbox.Sandbox.Keys[name]!.GetValue<string>();
}
