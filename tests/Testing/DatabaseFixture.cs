using System.Reflection;
using Xunit;

namespace Decent.Testing;

/// <summary>
/// One database per test class: derive with the modules it needs and take it as a class fixture. Without PostgreSQL
/// every test of the class skips by name.
/// </summary>
/// <param name="modules">Assemblies in the order of application.</param>
public abstract class DatabaseFixture(params Assembly[] modules) : IAsyncLifetime
{
    private TestDatabase? _database;
    private string? _missing;

    /// <summary>The database.</summary>
    public TestDatabase Database
    {
        get
        {
            if (_database is null)
            {
                Missing.Stop(_missing ?? "The database of this class was not made.");
            }

            return _database;
        }
    }

    /// <inheritdoc />
    public virtual async ValueTask InitializeAsync()
    {
        try
        {
            _database = await TestDatabase.CreateAsync(modules);
        }
        catch (Exception e) when (e.GetType().Namespace?.StartsWith("Xunit", StringComparison.Ordinal) == true)
        {
            // A fixture cannot skip; its tests can.
            _missing = e.Message;
        }
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
