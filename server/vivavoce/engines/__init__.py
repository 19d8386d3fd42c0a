"""Model engines, one file each, behind the ports; heavy imports live only here."""
